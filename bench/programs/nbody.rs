//! Floats in the fields of structs: the planets of the solar system.

struct Body {
    x: f64,
    y: f64,
    z: f64,
    vx: f64,
    vy: f64,
    vz: f64,
    mass: f64,
}

fn solar_system() -> Vec<Body> {
    let solar_mass = 39.47841760435743;
    let days = 365.24;
    vec![
        Body { x: 0.0, y: 0.0, z: 0.0, vx: 0.0, vy: 0.0, vz: 0.0, mass: solar_mass },
        Body {
            x: 4.84143144246472090,
            y: -1.16032004402742839,
            z: -0.103622044471123109,
            vx: 0.00166007664274403694 * days,
            vy: 0.00769901118419740425 * days,
            vz: -0.0000690460016972063023 * days,
            mass: 0.000954791938424326609 * solar_mass,
        },
        Body {
            x: 8.34336671824457987,
            y: 4.12479856412430479,
            z: -0.403523417114321381,
            vx: -0.00276742510726411115 * days,
            vy: 0.00499852801234917238 * days,
            vz: 0.0000230417297573763929 * days,
            mass: 0.000285885980666130812 * solar_mass,
        },
        Body {
            x: 12.8943695621391310,
            y: -15.1111514016986312,
            z: -0.223307578892655734,
            vx: 0.00296460137564761618 * days,
            vy: 0.00237847173959480950 * days,
            vz: -0.0000296589568540237556 * days,
            mass: 0.0000436624404335156298 * solar_mass,
        },
        Body {
            x: 15.3796971148509165,
            y: -25.9193146099879641,
            z: 0.179258772950371181,
            vx: 0.00268067772490389322 * days,
            vy: 0.00162824170038242295 * days,
            vz: -0.0000951592254519715870 * days,
            mass: 0.0000515138902046611451 * solar_mass,
        },
    ]
}

fn energy(bodies: &[Body]) -> f64 {
    let mut e = 0.0;
    for (i, b) in bodies.iter().enumerate() {
        e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz);
        for other in &bodies[i + 1..] {
            let dx = b.x - other.x;
            let dy = b.y - other.y;
            let dz = b.z - other.z;
            e -= b.mass * other.mass / (dx * dx + dy * dy + dz * dz).sqrt();
        }
    }
    e
}

pub fn run(steps: i64) -> i64 {
    let mut bodies = solar_system();
    let dt = 0.01;
    for _ in 0..steps {
        let mut rest = bodies.as_mut_slice();
        while let Some((b, others)) = rest.split_first_mut() {
            for other in others.iter_mut() {
                let dx = b.x - other.x;
                let dy = b.y - other.y;
                let dz = b.z - other.z;
                let d2 = dx * dx + dy * dy + dz * dz;
                let mag = dt / (d2 * d2.sqrt());
                let mine = other.mass * mag;
                b.vx -= dx * mine;
                b.vy -= dy * mine;
                b.vz -= dz * mine;
                let theirs = b.mass * mag;
                other.vx += dx * theirs;
                other.vy += dy * theirs;
                other.vz += dz * theirs;
            }
            b.x += dt * b.vx;
            b.y += dt * b.vy;
            b.z += dt * b.vz;
            rest = others;
        }
    }
    (energy(&bodies) * 1000000000.0).floor() as i64
}
